"""old_client.py - the same as old_client.c from Python: cffi over the first headers, whose lines that begin with '#' are left
out, and a library that has grown.

    old_client.py HEADERS LIBRARY SERVICE_DSN
"""
import pathlib
import sys

import cffi

headers, library, dsn = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
ffi = cffi.FFI()
parts = ["core", "conn", "session", "draft", "describe", "tables", "tables/jobs"]
ffi.cdef("\n".join(line for part in parts for line in (headers / f"{part}.h").read_text().splitlines()
                   if not line.startswith("#")))
lib = ffi.dlopen(library)
err = ffi.new("hg_error *")


def must(status):
    assert status == lib.HG_OK, ffi.string(err.message).decode()


conn = ffi.new("hg_conn **")
must(lib.hg_conn_open(dsn.encode(), ffi.NULL, conn, err))
texts = [ffi.new("char[]", text) for text in (b"title", b"slug", b"text")]
rows = ffi.new("hg_job[3]")
for i, row in enumerate(rows):
    row.struct_size = ffi.sizeof("hg_job")
    row.title, row.slug, row.description = ((text, len(text) - 1) for text in texts)
    row.job_type = lib.HG_JOB_JOB_TYPE_CONTRACT
    row.salary_min = i
mask = sum(1 << c for c in (lib.HG_JOB_TITLE, lib.HG_JOB_SLUG, lib.HG_JOB_DESCRIPTION, lib.HG_JOB_JOB_TYPE,
                            lib.HG_JOB_SALARY_MIN))
out = ffi.new("hg_job_list **")
must(lib.hg_job_insert_many(conn[0], rows, 3, ffi.sizeof("hg_job"), mask, out, err))
count, stride = ffi.new("size_t *"), ffi.new("size_t *")
base = lib.hg_job_list_rows(out[0], count, stride)
assert count[0] == 3 and stride[0] > ffi.sizeof("hg_job")
for i in range(3):
    row = ffi.cast("const hg_job *", ffi.cast("const char *", base) + i * stride[0])
    assert row.salary_min == i and ffi.string(row.title.ptr) == b"title" and row.updated_at != 0
    must(lib.hg_job_delete(conn[0], ffi.addressof(row, "id"), err))
lib.hg_job_list_free(out[0])
lib.hg_conn_close(conn[0])
print("pass  the same from Python, over the first headers")
