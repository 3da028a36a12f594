"""hotgigs: the data of HotGigs.ai for Python, over libhotgigs.

    import hotgigs
    from hotgigs import jobs, operations

    with hotgigs.Pool("host=... dbname=...") as pool:
        with pool.session(hotgigs.Role.COMPANY, user_id, action="job.close") as s:
            for job in s.jobs.find(jobs.where(jobs.is_public == True).order(jobs.created_at.desc()).limit(50)):
                print(job.title, job.salary_min)
            with s.transaction():
                job = s.jobs.update(job, title="Engineer")          # ConflictError if it changed since it was read
                operations.job_set_state(s, job_id=job.id, is_public=False)

A value is what Python has for it: uuid.UUID, datetime with UTC, date, Decimal, ipaddress, enumerations, lists, parsed
JSON. None is SQL NULL, NOT_LOADED what was not read; times that datetime cannot hold are FarTime and FarDate. Every
failure is an Error of its own class.
"""

from . import operations as operations
from . import privacy as privacy
from . import tables as tables
from ._library import backend as _backend
from ._library import status_name as status_name
from .connection import *  # noqa: F401,F403
from .errors import *  # noqa: F401,F403
from .query import *  # noqa: F401,F403
from .rows import Row as Row
from .rows import as_dict as as_dict
from .rows import is_loaded as is_loaded
from .rows import json_text as json_text
from .tables import *  # noqa: F401,F403
from .values import *  # noqa: F401,F403

#: How the library is called: "cffi" or "ctypes".
BACKEND: str = _backend.name
