"""What could happen: draws → courses, benefits, timelines → outcomes."""
