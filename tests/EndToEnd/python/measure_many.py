"""usage: measure_many.py WORKERS SECONDS < COMMANDS

Runs programs, WORKERS at a time, and prints a line of JSON for each: exit code (-n: signal n; null: killed after SECONDS), peak resident bytes of it or one of its
children, and what it wrote. COMMANDS holds one JSON array a line.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

workers, seconds = int(sys.argv[1]), float(sys.argv[2])


def run(command):
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=words, stderr=words, start_new_session=True)
        hung = threading.Event()

        def kill():
            hung.set()
            os.killpg(process.pid, signal.SIGKILL)

        clock = threading.Timer(seconds, kill)
        clock.start()
        _, status, used = os.wait4(process.pid, 0)
        clock.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        words.seek(0)
        text = words.read().decode(errors="replace")
    return {"ExitCode": None if hung.is_set() else process.returncode, "PeakBytes": used.ru_maxrss * 1024, "Words": text}


with ThreadPoolExecutor(workers) as pool:
    for answer in pool.map(run, [json.loads(line) for line in sys.stdin if line.strip()]):
        print(json.dumps(answer), flush=True)
