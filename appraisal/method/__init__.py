"""Reading what an official may write: methods and calendars, checked strictly."""
