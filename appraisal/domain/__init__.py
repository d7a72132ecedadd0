"""Pure rules of an appraisal: frozen dataclasses and functions that decide and do nothing."""
