"""The appraisal itself; knows neither Prefect nor HTTP."""
