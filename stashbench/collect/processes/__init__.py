"""The processes of this machine: who listens where, in which container, with which files open."""
