"""Where programs are admitted, trained and scored; the one room that joins sandbox and fitness."""
