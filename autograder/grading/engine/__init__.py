"""The engine: runs submissions in warm, sandboxed processes, examined from outside."""
