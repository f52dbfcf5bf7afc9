"""Small files, each named for what it holds; import from them by name (`from utils.images import ...`)."""
