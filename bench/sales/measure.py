"""Runs a command and says what it cost: wall time with start-up, processor time, peak memory of its largest process."""

import json
import resource
import subprocess
import sys
import time

started = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
seconds = time.perf_counter() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cost = {
    "seconds": seconds,
    "cpuSeconds": used.ru_utime + used.ru_stime,
    "peakBytes": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    "code": done.returncode,
    "errors": done.stderr.decode(errors="replace")[-2000:],
}
print(json.dumps(cost))
