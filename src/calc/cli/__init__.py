"""The command line, a module a group of commands."""

import os

from .group import main

__all__ = ["main"]

# all matrices here are small: threads of linear algebra only wait for each other, and on a busy machine for minutes;
# set before numpy is loaded, which the commands do when they run, and inherited by the notebooks' kernels
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
