"""The sandbox's page in a real browser: what a person does with it, and what they see."""
