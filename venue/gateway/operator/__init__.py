"""What operators ask for: checked completely before anything of it is done."""
