"""Numbers of the system calls that the lock speaks of, for the two machines that it knows."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Machine:
    """One architecture: its audit number, and its system calls by name."""

    audit: int
    calls: Mapping[str, int]


def _table(text: str) -> Mapping[str, int]:
    pairs = (each.split("=") for each in text.split())
    return MappingProxyType({name: int(number) for name, number in pairs})


# Calls since Linux 5.1 have one number everywhere.
_COMMON = """
pidfd_send_signal=424 io_uring_setup=425 io_uring_enter=426 pidfd_open=434 clone3=435
close_range=436 openat2=437 pidfd_getfd=438 landlock_create_ruleset=444 landlock_add_rule=445
landlock_restrict_self=446
"""

_MACHINES: Mapping[str, Machine] = MappingProxyType(
    {
        # arch/x86/entry/syscalls/syscall_64.tbl
        "x86_64": Machine(
            0xC000003E,
            _table(
                _COMMON
                + """
write=1 close=3 fstat=5 lseek=8 mmap=9 mprotect=10 munmap=11 brk=12 rt_sigprocmask=14
rt_sigreturn=15 writev=20 sched_yield=24 mremap=25 madvise=28 nanosleep=35 getpid=39 exit=60
gettimeofday=96 getrusage=98 times=100 sigaltstack=131 gettid=186 futex=202
sched_getaffinity=204 restart_syscall=219 clock_gettime=228 clock_getres=229
clock_nanosleep=230 exit_group=231 set_robust_list=273 getcpu=309 getrandom=318 membarrier=324
rseq=334 socket=41 connect=42 bind=49 socketpair=53 fork=57 vfork=58 execve=59 kill=62
ptrace=101 prctl=157 setrlimit=160 mount=165 tkill=200 tgkill=234 keyctl=250 unshare=272
perf_event_open=298 prlimit64=302 setns=308 process_vm_readv=310 process_vm_writev=311
seccomp=317 memfd_create=319 bpf=321 execveat=322 userfaultfd=323
"""
            ),
        ),
        # include/uapi/asm-generic/unistd.h
        "aarch64": Machine(
            0xC00000B7,
            _table(
                _COMMON
                + """
write=64 close=57 fstat=80 lseek=62 mmap=222 mprotect=226 munmap=215 brk=214 rt_sigprocmask=135
rt_sigreturn=139 writev=66 sched_yield=124 mremap=216 madvise=233 nanosleep=101 getpid=172
exit=93 gettimeofday=169 getrusage=165 times=153 sigaltstack=132 gettid=178 futex=98
sched_getaffinity=123 restart_syscall=128 clock_gettime=113 clock_getres=114
clock_nanosleep=115 exit_group=94 set_robust_list=99 getcpu=168 getrandom=278 membarrier=283
rseq=293 socket=198 connect=203 bind=200 socketpair=199 execve=221 kill=129 ptrace=117
prctl=167 setrlimit=164 mount=40 tkill=130 tgkill=131 keyctl=219 unshare=97
perf_event_open=241 prlimit64=261 setns=268 process_vm_readv=270 process_vm_writev=271
seccomp=277 memfd_create=279 bpf=280 execveat=281 userfaultfd=282
"""
            ),
        ),
    }
)


def this_machine() -> Machine | None:
    """The table of the machine that we run on, or None where there is none."""
    return _MACHINES.get(platform.machine())
