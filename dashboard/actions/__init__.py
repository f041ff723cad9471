"""Every write: one function for each thing a person does, with the person as an argument."""
