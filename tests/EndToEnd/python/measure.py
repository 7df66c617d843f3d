"""usage: measure.py OUT PROGRAM [ARGUMENT ...]: runs a program and writes to OUT its processor seconds and peak resident bytes, those of its children included."""
import resource
import subprocess
import sys

code = subprocess.call(sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as out:
    out.write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss * 1024}")
sys.exit(code)
