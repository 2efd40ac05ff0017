"""The website, from episodes, committed notebooks and pages."""
