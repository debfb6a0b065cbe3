"""The command line's runs."""
