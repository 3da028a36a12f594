// smoke tries every table of a database, and leaves nothing behind: hotgigs-smoke in Go.
//
// In one transaction that is rolled back: a row with every column filled goes into each of the tables, parents first; it is
// read back and compared column by column, turned into JSON and back, changed, and, children first, deleted. What the
// service may not do by design (nobody changes the audit trail) must be refused. Rows are made from the package's
// description of the tables, so a new column is tried from the day it exists.
//
//	smoke [DSN]	DSN of the service's login, or HOTGIGS_SERVICE_DSN, or libpq's environment
//
// It prints what hotgigs-smoke prints. Exit status: 0 when every table passes, 1 when one fails, 2 when it could not be tried.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"reflect"
	"strings"
	"time"

	"hotgigs.example/hotgigs"
)

var ctx = context.Background()

var moment = time.Date(2025, 11, 22, 10, 17, 10, 123456000, time.UTC)

// The table whose row a foreign key points to, by the schema's habits in naming them.
var parents = map[string]string{"company_id": "companies", "job_id": "jobs", "candidate_id": "candidate_profiles",
	"document_id": "documents", "recruiter_id": "freelance_recruiters", "application_id": "applications",
	"related_application_id": "applications"}

// trial is what is known of one table's try.
type trial struct {
	table   hotgigs.AnyTable
	info    *hotgigs.TableInfo
	id      hotgigs.UUID
	done    []string
	failure string
}

func (t *trial) fail(step string, why any) {
	if t.failure == "" {
		t.failure = fmt.Sprintf("%s: %v", step, why)
	}
}

// trials are those of all tables, by name too.
type trials struct {
	all    []*trial
	byName map[string]*trial
}

func newTrials() *trials {
	ts := &trials{byName: map[string]*trial{}}
	for _, table := range hotgigs.Tables {
		if info := table.Describe(); !info.IsView {
			t := &trial{table: table, info: info, id: hotgigs.NewUUID()}
			ts.all, ts.byName[info.Name] = append(ts.all, t), t
		}
	}
	return ts
}

func (ts *trials) parentOf(t *trial, column string) hotgigs.UUID {
	if column == "id" {
		return t.id
	}
	if parent, ok := parents[column]; ok {
		return ts.byName[parent].id
	}
	return ts.byName["users"].id
}

// value fits any column of its kind; change tells the one inserted from the one updated to.
func (ts *trials) value(t *trial, c *hotgigs.ColumnInfo, change int) any {
	switch c.Kind {
	case hotgigs.KindUUID:
		return ts.parentOf(t, c.Name)
	case hotgigs.KindText:
		text := hotgigs.NewUUID().String() // backwards, since what is cut off must not be what makes it unique
		if c.Length > 0 && c.Length < len(text) {
			text = text[len(text)-c.Length:]
		}
		return text
	case hotgigs.KindEnum: // not the first: it is "admin", and the last one stays
		return int32(len(c.Values) - change)
	case hotgigs.KindJSON:
		return json.RawMessage([]string{`{"a": [1, null]}`, `[1, "два"]`}[change]) // as jsonb prints
	case hotgigs.KindInt:
		return int32(7 + change)
	case hotgigs.KindBool:
		return change == 0
	case hotgigs.KindDecimal:
		return hotgigs.Decimal{Unscaled: int64(125 + change), Scale: int32(c.Scale)}
	case hotgigs.KindTime:
		return moment.Add(time.Duration(change) * time.Microsecond)
	case hotgigs.KindDate:
		return hotgigs.DateOf(2025, time.November, 22+change)
	case hotgigs.KindTextList:
		return []hotgigs.Null[string]{hotgigs.Some("one"), {}, hotgigs.Some("δύο")}
	case hotgigs.KindInet:
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(7 + change)}), 32)
	}
	panic("a column of a kind that no table has: " + c.Name)
}

// fill makes a row with the columns that the service may insert, or update, and names them.
func (ts *trials) fill(t *trial, change int) (row any, columns []hotgigs.Column) {
	row = t.table.NewRow()
	for i := range t.info.Columns {
		c := &t.info.Columns[i]
		if change == 0 && !c.InsertedBy(hotgigs.ServiceRole) || change == 1 && !c.UpdatedBy(hotgigs.ServiceRole) {
			continue
		}
		columns = append(columns, hotgigs.Column(i))
		field := fieldOf(row, c)
		if c.Nullable {
			field.FieldByName("Valid").SetBool(true)
			field = field.FieldByName("V")
		}
		field.Set(reflect.ValueOf(ts.value(t, c, change)).Convert(field.Type()))
	}
	return row, columns
}

func fieldOf(row any, c *hotgigs.ColumnInfo) reflect.Value {
	return reflect.ValueOf(row).Elem().FieldByName(c.Field)
}

// same says whether got has the columns of want, but for those that the role may not read and skip.
func same(t *trial, want, got any, columns []hotgigs.Column, skip int) bool {
	for _, i := range columns {
		c := &t.info.Columns[i]
		if int(i) == skip || !c.ReadBy(hotgigs.ServiceRole) {
			continue
		}
		if !reflect.DeepEqual(fieldOf(want, c).Interface(), fieldOf(got, c).Interface()) {
			t.fail("compare", c.Name+" comes back as another value")
			return false
		}
	}
	return true
}

// passed notes the step, or why it failed.
func (t *trial) passed(step string, err error) bool {
	if err != nil {
		t.fail(step, err)
		return false
	}
	t.done = append(t.done, step)
	return true
}

func (ts *trials) try(conn *hotgigs.Conn, t *trial) {
	row, columns := ts.fill(t, 0)
	if _, err := t.table.InsertAny(ctx, conn, row, columns...); !t.passed("insert", err) {
		return
	}
	read, err := t.table.GetAny(ctx, conn, t.id)
	if !t.passed("get", err) || !same(t, row, read, columns, -1) || !tryJSON(t, read, columns) {
		return
	}
	change, changed := ts.fill(t, 1)
	if len(changed) == 0 { // nobody changes these rows: it must be refused
		if _, err = t.table.UpdateAny(ctx, conn, t.id, row, columns...); err == nil {
			t.fail("update", "is not refused")
		} else {
			t.done = append(t.done, "no-update")
		}
		return
	}
	_, err = t.table.UpdateAny(ctx, conn, t.id, change, changed...)
	if err == nil {
		read, err = t.table.GetAny(ctx, conn, t.id)
	}
	if t.passed("update", err) {
		same(t, change, read, changed, t.info.VersionColumn) // a trigger writes it, whatever an update says
	}
}

// tryJSON makes JSON of the row, and of it a row that is the same.
func tryJSON(t *trial, row any, columns []hotgigs.Column) bool {
	var readable []hotgigs.Column
	for _, c := range columns {
		if t.info.Columns[c].ReadBy(hotgigs.ServiceRole) {
			readable = append(readable, c)
		}
	}
	text, err := t.table.JSONOfAny(row, readable...)
	var again any
	if err == nil {
		again, err = t.table.FromJSONAny(text)
	}
	return t.passed("json", err) && same(t, row, again, readable, -1)
}

func tryDelete(conn *hotgigs.Conn, t *trial) {
	err := t.table.Delete(ctx, conn, t.id)
	if errors.Is(err, hotgigs.Denied) {
		t.done = append(t.done, "no-delete")
		return
	}
	if err != nil {
		t.fail("delete", err)
		return
	}
	if _, err = t.table.GetAny(ctx, conn, t.id); errors.Is(err, hotgigs.NotFound) {
		t.done = append(t.done, "delete")
	} else {
		t.fail("delete", "the row is still there")
	}
}

// tryAll goes through the tables in one transaction. A failed statement spoils it up to a savepoint, so a table that fails
// goes back to its own, and fails those that need its row, which is right.
func (ts *trials) tryAll(conn *hotgigs.Conn) error {
	if err := conn.Begin(ctx); err != nil {
		return err
	}
	for _, t := range ts.all { // parents come first
		if err := conn.Savepoint(ctx, "before_"+t.info.Name); err != nil {
			return err
		}
		ts.try(conn, t)
		if t.failure != "" {
			if err := conn.RollbackTo(ctx, "before_"+t.info.Name); err != nil {
				return err
			}
		}
	}
	for i := len(ts.all) - 1; i >= 0; i-- {
		t := ts.all[i]
		if t.failure == "" {
			tryDelete(conn, t)
		}
		if err := conn.RollbackTo(ctx, "before_"+t.info.Name); err != nil {
			return err
		}
	}
	return conn.Rollback(ctx)
}

// report prints a line a table, and gives how many failed.
func (ts *trials) report() int {
	failed := 0
	for _, t := range ts.all {
		verdict, steps := "pass", t.done
		if t.failure != "" {
			verdict, steps = "fail", append(t.done, t.failure)
			failed++
		}
		fmt.Printf("%s  %-22s %d columns: %s\n", verdict, t.info.Name, len(t.info.Columns), strings.Join(steps, " "))
	}
	fmt.Printf("%d tables passed, %d failed\n", len(ts.all)-failed, failed)
	return failed
}

func main() {
	dsn := os.Getenv("HOTGIGS_SERVICE_DSN")
	if len(os.Args) > 1 {
		dsn = os.Args[1]
	}
	ts := newTrials()
	conn, err := hotgigs.Open(ctx, dsn)
	if err == nil {
		err = ts.tryAll(conn)
		conn.Close()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "smoke: %v\n", err)
		os.Exit(2)
	}
	if ts.report() > 0 {
		os.Exit(1)
	}
}
