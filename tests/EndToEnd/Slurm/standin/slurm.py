#!/usr/bin/python3
"""Stands in for Slurm's programs, one link a name: sbatch, squeue, scontrol, sinfo, sacct, sacctmgr, scancel.

Formats and words are those of Slurm 22.05.8. Jobs are lines 'id|name|tasks|state' of $STANDIN_STATE/jobs; a job is PENDING until the test
writes something else. The cluster has $STANDIN_MAX_SUBMIT jobs a user and no accounting.
"""
import os
import sys

program, arguments = os.path.basename(sys.argv[0]), sys.argv[1:]
path = os.path.join(os.environ["STANDIN_STATE"], "jobs")


def option(name):
    return arguments[arguments.index(name) + 1] if name in arguments else None


def jobs():
    with open(path, "a+") as file:
        file.seek(0)
        return [line.rstrip("\n").split("|") for line in file]


def tasks(text):
    for part in text.split("%")[0].split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def keep(all_jobs):
    with open(path + ".new", "w") as file:
        file.writelines("|".join(job) + "\n" for job in all_jobs)
    os.replace(path + ".new", path)


def sbatch():
    if "--test-only" in arguments:
        sys.exit(0)
    named = dict(one[2:].split("=", 1) for one in arguments if one.startswith("--") and "=" in one)
    known = jobs()
    job = str(1000 + len(known))
    keep(known + [[job, named["job-name"], named.get("array", ""), "PENDING"]])
    print(job)


def squeue():
    if option("-n"):
        for job, name, _, _ in jobs():
            if name in option("-n").split(","):
                print(f"{job}|{os.geteuid()}|{name}")
    elif option("-O"):
        for job, _, array, state in jobs():
            if job not in option("-j").split(","):
                continue
            for task in tasks(array) if array else ["N/A"]:
                print(f"{job:<12}{task:<12}{state:<24}{'None':<48}{'n1':<64}{0:<8}{0:<12}")
    elif option("-j"):
        for job, name, _, _ in jobs():
            if job in option("-j").split(","):
                print(f"{job}|{os.geteuid()}|{name}")
    else:
        for job, _, array, state in jobs():
            if state in ("PENDING", "RUNNING"):
                for task in tasks(array) if array else [""]:
                    print(f"{job}_{task}")


def scontrol():
    if arguments == ["show", "config"]:
        print("MaxArraySize            = 1001\nMaxJobCount             = 20000")
    elif "partition" in arguments:
        print("PartitionName=main AllocNodes=ALL Default=YES MaxTime=UNLIMITED MaxMemPerNode=UNLIMITED State=UP")


def scancel():
    ids = {one for one in arguments if not one.startswith("-")}
    keep([[job, name, array, "CANCELLED" if job in ids and state == "PENDING" else state] for job, name, array, state in jobs()])


def sacct():
    sys.exit("Slurm accounting storage is disabled")


def sacctmgr():
    print(os.environ["STANDIN_MAX_SUBMIT"] + "||normal" if "assoc" in arguments else "normal||")


def sinfo():
    print("4000|4")


with open(os.path.join(os.environ["STANDIN_STATE"], "calls"), "a") as file:
    file.write(program + "\n")
globals()[program]()
