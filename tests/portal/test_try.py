from tests.portal.conftest import World
def test_try(world: World) -> None:
    v = world.visitor("jyj-handler")
    r = v.get("/")
    print(r.status_code); print(r.text[:6000])
    r = v.get(f"/duties/{world.duty('opinion')}")
    print(r.status_code, r.text[1500:5000])
