"""`up`, `init`, `portal`, `deploy`, `recover`: an installation prepared, started and put right."""

from typing import Annotated

import typer

from pingyi.chinese import Commands
from pingyi.installation import open_office
from pingyi.speech import say, working

Sample = Annotated[
    bool, typer.Option("--sample", help="先装入样例登记册并启动一次样例评议，供试用", show_default=False)
]
Restarted = Annotated[
    bool, typer.Option("--restarted", help="没有任何流程在运行时使用：中断的流程立即重新开始", show_default=False)
]


def add_to(app: Commands) -> None:
    """Put the commands of this file under the root."""
    app.add("up", "启动整个系统并守护运行；按 Ctrl-C 停止")(_up)
    app.add("init", "准备数据文件夹、数据库和密钥；可以重复运行")(_init)
    app.add("portal", "只启动门户（由 up 自动启动，一般不必单独运行）")(_portal)
    app.add("deploy", "向流程引擎登记各个流程（由 up 自动运行，一般不必单独运行）")(_deploy)
    app.add("recover", "流程引擎的数据丢失后，按台账重新登记流程并恢复各阶段的运行")(_recover)


def _up(sample: Sample = False) -> None:
    from appraisal.settings import settings
    from pingyi.up import up

    prepare()
    if sample:
        from pingyi.sample import load_sample

        load_sample()
    up(settings())


def _init() -> None:
    home = prepare()
    say("cli.init.done", home=home)


def prepare() -> str:
    """The data folder, the database and the keys, whatever of them is there already."""
    from appraisal.store.migrating import upgrade

    with working("cli.init.working"), open_office() as office:
        office.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        upgrade(office.store)
        _ = office.keyring
        return str(office.settings.home)


def _meet_the_engine() -> None:
    """Before Prefect is imported: which server is ours, so that it starts none of its own."""
    import os

    from appraisal.settings import settings
    from pingyi.embedded import environment

    # Steps that are called here, outside any run, have nobody at the engine to log to.
    os.environ.update(environment(settings()) | {"PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore"})
    os.environ["PREFECT_LOGGING_LEVEL"] = "ERROR"


def _portal() -> None:
    _meet_the_engine()
    import uvicorn

    from appraisal.operations.similar import warm_up
    from flows.steering import wake
    from portal.app import create_app

    with open_office() as office:
        settings = office.settings
        warm_up()
        uvicorn.run(create_app(office, wake), host=settings.portal_host, port=settings.portal_port, access_log=False)


def _deploy(restarted: Restarted = False) -> None:
    _meet_the_engine()
    from flows.recover import recover

    recover(nothing_runs=restarted)
    say("cli.deploy.done")


def _recover() -> None:
    _meet_the_engine()
    from flows.recover import recover

    with working("cli.recover.working"):
        count = recover()
    say("cli.recover.done", count=count)
