// old_client.go - the same as old_client.c from Go: cgo over the first headers, and a library that has grown.
//
//	old_client SERVICE_DSN
package main

/*
#include <hotgigs/hotgigs.h>
#include <stdlib.h>
*/
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

const count = 3

var e C.hg_error

func must(st C.hg_status, what string) {
	if st != C.HG_OK {
		fmt.Printf("FAIL  %s from Go: %s: %s\n", what, C.GoString(C.hg_status_name(st)), C.GoString(&e.message[0]))
		os.Exit(1)
	}
}

func want(holds bool, sentence string) {
	if !holds {
		fmt.Println("FAIL  from Go:", sentence)
		os.Exit(1)
	}
}

func str(text string) C.hg_str { return C.hg_str{ptr: C.CString(text), len: C.size_t(len(text))} }

// writeJobs writes jobs of this program's length. Their memory is C's, since they point to texts.
func writeJobs(conn *C.hg_conn) (list *C.hg_job_list) {
	base := (*C.hg_job)(C.calloc(count, C.sizeof_hg_job))
	defer C.free(unsafe.Pointer(base))
	for i, row := 0, unsafe.Slice(base, count); i < count; i++ {
		row[i] = C.hg_job{struct_size: C.sizeof_hg_job, title: str("title"), slug: str("slug"), description: str("text"),
			job_type: C.HG_JOB_JOB_TYPE_CONTRACT, salary_min: C.int32_t(i)}
	}
	set := C.uint64_t(1<<C.HG_JOB_TITLE | 1<<C.HG_JOB_SLUG | 1<<C.HG_JOB_DESCRIPTION | 1<<C.HG_JOB_JOB_TYPE |
		1<<C.HG_JOB_SALARY_MIN)
	must(C.hg_job_insert_many(conn, base, count, C.sizeof_hg_job, set, &list, &e), "insert_many")
	return list
}

// change changes a job, by its version, and reads it again.
func change(conn *C.hg_conn, job *C.hg_job) {
	var read, changed *C.hg_job
	row := C.hg_job{struct_size: C.sizeof_hg_job, salary_min: 4711, row_version: job.row_version}
	must(C.hg_job_update(conn, &job.id, &row, 1<<C.HG_JOB_SALARY_MIN, &changed, &e), "update")
	must(C.hg_job_get(conn, &job.id, &read, &e), "get")
	want(read.salary_min == 4711 && read.row_version > job.row_version, "a row is changed, and read")
	want(C.hg_job_update(conn, &job.id, &row, 1<<C.HG_JOB_SALARY_MIN, nil, &e) == C.HG_E_CONFLICT,
		"and not by a version that is past")
	C.hg_job_free(read)
	C.hg_job_free(changed)
}

func main() {
	var conn *C.hg_conn
	must(C.hg_conn_open(C.CString(os.Args[1]), nil, &conn, &e), "connecting")
	list := writeJobs(conn)
	var rows, stride C.size_t
	base := C.hg_job_list_rows(list, &rows, &stride)
	want(rows == count && stride > C.sizeof_hg_job, "a list tells its own stride")
	for i := 0; i < count; i++ {
		job := (*C.hg_job)(unsafe.Add(unsafe.Pointer(base), i*int(stride)))
		want(job.salary_min == C.int32_t(i) && C.GoString(job.title.ptr) == "title" && job.updated_at != 0,
			"rows of its length are written, and read back by stride")
		change(conn, job)
		must(C.hg_job_delete(conn, &job.id, &e), "delete")
	}
	C.hg_job_list_free(list)
	C.hg_conn_close(conn)
	fmt.Println("pass  the same from Go, over the first headers")
}
