"""What maintainers and CI run: from episode sources to executed, tested notebooks."""
