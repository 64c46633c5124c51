"""What the stand-in of Airtable does, point by point, asked by hand and by the real client."""
