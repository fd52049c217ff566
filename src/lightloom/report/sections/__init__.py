"""The sections of the page, one file each: from evaluations to what the template draws."""
