"""The page in which a person uses the workspace: see docs/sandbox-page.md for how it talks."""
