"""Block Kit as the platform checks it, independent of the app under test."""
