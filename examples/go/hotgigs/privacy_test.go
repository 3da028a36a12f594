package hotgigs

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// documentOf reads the whole document of a user, and checks its sum.
func documentOf(t *testing.T, conn *Conn, user UUID, scope ExportScope) ([]byte, [32]byte) {
	t.Helper()
	export, err := OpenExport(ctx, conn, user, scope)
	if err != nil {
		t.Fatalf("the export is opened: %v", err)
	}
	defer export.Close()
	if _, err := export.SHA256(); !errors.Is(err, State) {
		t.Errorf("there is no sum before the end: %v", err)
	}
	document, err := io.ReadAll(export)
	if err != nil {
		t.Fatalf("it is read: %v", err)
	}
	sum, err := export.SHA256()
	if err != nil || sum != sha256.Sum256(document) {
		t.Errorf("its sum is that of its pieces: %x, %v", sum, err)
	}
	return document, sum
}

func TestDocumentIsReadInPieces(t *testing.T) {
	conn := connect(t)
	user := newUser(t, conn)
	document, _ := documentOf(t, conn, user.ID, ExportAccess)
	var said struct {
		UserID string `json:"user_id"`
		Scope  string
		Tables map[string][]map[string]any
	}
	if err := json.Unmarshal(document, &said); err != nil {
		t.Fatalf("it is JSON: %v", err)
	}
	if said.Scope != "access" || said.UserID != user.ID.String() || len(said.Tables["users"]) != 1 || said.Tables["users"][0]["email"] != user.Email {
		t.Errorf("it is his: %+v", said)
	}

	export, err := OpenExport(ctx, conn, user.ID, ExportPortable)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Ping(ctx); !errors.Is(err, State) {
		t.Errorf("the connection is the export's: %v", err)
	}
	one := make([]byte, 1)
	if n, err := export.Read(one); n != 1 || err != nil || one[0] != '{' {
		t.Errorf("a byte is read: %d, %v, %q", n, err, one)
	}
	export.Close()
	if _, err := export.Read(one); !errors.Is(err, State) {
		t.Errorf("a closed one is not read: %v", err)
	}
	if err := conn.Ping(ctx); err != nil {
		t.Errorf("the connection is free again: %v", err)
	}
	unread, err := OpenExport(ctx, conn, user.ID, ExportPortable)
	if err != nil {
		t.Fatal(err)
	}
	unread.Close()
	if err := conn.Ping(ctx); err != nil {
		t.Errorf("the connection is free behind an export that nobody read: %v", err)
	}
	if _, err := OpenExport(ctx, conn, NewUUID(), ExportAccess); !errors.Is(err, NotFound) {
		t.Errorf("nobody has no document: %v", err)
	}
}

func TestErasedImportedAndErasedAgain(t *testing.T) {
	conn := connect(t)
	ledger := filepath.Join(t.TempDir(), "erased")
	user, err := Users.Insert(ctx, conn, &User{Email: NewUUID().String() + "@example.com", UserType: UserUserTypeCandidate},
		UserColumnEmail, UserColumnUserType)
	if err != nil {
		t.Fatal(err)
	}
	document, sum := documentOf(t, conn, user.ID, ExportPortable)

	report, err := LedgerErase(ctx, conn, ledger, &PrivacyEraseParams{UserID: user.ID, IsDelete: Some(true)})
	if err != nil || report.UserID != user.ID || report.Mode != "delete" {
		t.Fatalf("he is erased: %+v, %v", report, err)
	}
	line, err := os.ReadFile(ledger)
	if err != nil || !strings.HasSuffix(string(line), " "+user.ID.String()+" delete\n") {
		t.Errorf("the line is there: %q, %v", line, err)
	}
	if _, err := ImportDocument(ctx, conn, document, [32]byte{}); !errors.Is(err, Invalid) {
		t.Errorf("another sum is refused: %v", err)
	}
	if rows, err := ImportDocument(ctx, conn, document, sum); err != nil || rows < 1 {
		t.Errorf("he is imported: %d, %v", rows, err)
	}
	if _, err := ImportDocument(ctx, conn, document, sum); !errors.Is(err, Conflict) {
		t.Errorf("once: %v", err)
	}

	if rows, err := LedgerReplay(ctx, conn, ledger, time.Now().Add(24*time.Hour)); err != nil || len(rows) != 0 {
		t.Errorf("lines before since are passed over: %+v, %v", rows, err)
	}
	rows, err := LedgerReplay(ctx, conn, ledger, time.Time{})
	if err != nil || len(rows) != 1 || rows[0].UserID != user.ID || rows[0].Outcome != "erased" {
		t.Errorf("he is erased again: %+v, %v", rows, err)
	}
	if _, err := Users.Get(ctx, conn, user.ID); !errors.Is(err, NotFound) {
		t.Errorf("he is gone: %v", err)
	}
	if _, err := LedgerReplay(ctx, conn, ledger+".not", time.Time{}); !errors.Is(err, Invalid) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := LedgerErase(ctx, conn, ledger, &PrivacyEraseParams{UserID: NewUUID()}); !errors.Is(err, NotFound) {
		t.Errorf("nobody is erased: %v", err)
	}
}
