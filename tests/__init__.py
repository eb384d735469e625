import os

# as the command line does: set before numpy is loaded, or small matrices wait for threads on a busy machine
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
