"""The pages where units, panels, leaders, voters and the public do their part."""
