"""What the sources say: files under ``params/`` → checked, frozen models."""
