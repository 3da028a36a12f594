// row.mjs - inserts a row and gets it again, from Node.js: nothing is generated, no header is read.
//
// All that is known of the library comes from share/hotgigs/hotgigs.json: the types of its calls, where a column lies
// in a row and of which kind it is. Native calls go through koffi (npm install koffi).
//
// Run:      HOTGIGS_PREFIX=/usr/local node row.mjs [DSN]
//           DSN of the service's login, or HOTGIGS_SERVICE_DSN. Without HOTGIGS_PREFIX it uses the checkout that it
//           lies in. Exit status: 0, 1 if a call fails, 77 if koffi cannot be loaded.
//
// Prints:   such as
//     inserted: {"name":"Hafenlicht","slug":"hafenlicht-...","founded_year":1887,"is_verified":true}
//     got:      id a version 7 uuid, created_at a time, 17 columns, the four as they were set
//     deleted; getting it again: HG_E_NOT_FOUND

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

let koffi;
try {
    koffi = createRequire(import.meta.url)("koffi");        // unlike import, this looks into NODE_PATH, too
} catch {
    console.error("row.mjs: koffi cannot be loaded (npm install koffi)");
    process.exit(77);
}

const prefix = process.env.HOTGIGS_PREFIX;
const root = fileURLToPath(new URL("../..", import.meta.url));
const described = JSON.parse(readFileSync(prefix ? `${prefix}/share/hotgigs/hotgigs.json`
                                                 : `${root}/lib/generated/hotgigs.json`));
const library = koffi.load(prefix ? `${prefix}/lib/libhotgigs.so.1` : `${root}/build/lib/libhotgigs.so.1`);

// ---- The library by its description --------------------------------------------------------------------------------

const constant = Object.fromEntries(described.constants.map((one) => [one.name, one.value]));
const scalars = Object.fromEntries(described.types.map((one) => [one.name, one.type]));
const plain = (type) => (type.endsWith("*") ? (type === "const char *" ? "str" : "void *") : scalars[type] ?? type);
const calls = Object.fromEntries(described.calls.map((one) => [one.name, one]));

/** The function of that name. */
function call(name) {
    const { result, parameters } = calls[name];
    return library.func(name, plain(result), parameters.map(plain));
}

const error = described.structs.find((one) => one.name === "hg_error");
const text = (field, buffer) => {
    const { offset, size } = error.fields.find((one) => one.name === field);
    return buffer.subarray(offset, offset + size).toString("utf8").split("\0")[0];
};

/** Calls what takes an hg_error last; with out as what it gives before that. A failure is an exception. */
function run(name, args, gives = true) {
    const err = Buffer.alloc(error.size), out = Buffer.alloc(8);
    const status = call(name)(...args, ...(gives ? [out] : []), err);
    if (status !== constant.HG_OK) {
        throw Object.assign(new Error(text("message", err)), { status: call("hg_status_name")(status) });
    }
    return koffi.decode(out, "void *");
}

/** What a column of a row is in JavaScript. */
function value(row, column) {
    const at = column.offset, read = (type, offset = at) => koffi.decode(row, offset, type);
    const pad = (number) => number.toString(16).padStart(2, "0");
    switch (column.kind) {
    case "HG_KIND_UUID":
        return [...read(koffi.array("uint8_t", 16))].map(pad).join("")
            .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    case "HG_KIND_TEXT": return read("char *") ?? "";           // what the library gives ends with a NUL byte
    case "HG_KIND_JSON": return JSON.parse(read("char *"));
    case "HG_KIND_ENUM": return column.values[read("int32_t") - 1];
    case "HG_KIND_INT": return read("int32_t");
    case "HG_KIND_BOOL": return read("int32_t") !== 0;
    case "HG_KIND_TIMESTAMP": return new Date(Number(BigInt(read("int64_t")) / 1000n));
    default: return undefined;                                  // enough for this row; the others are as simple
    }
}

/** A row as an object: null is SQL NULL, what was not read is not there. */
function object(row, table) {
    const mask = (offset) => BigInt(koffi.decode(row, offset, "uint64_t"));
    const nulls = mask(16), loaded = mask(24);
    return Object.fromEntries(table.columns.filter((one) => (loaded >> BigInt(one.ordinal)) & 1n)
        .map((one) => [one.field, (nulls >> BigInt(one.ordinal)) & 1n ? null : value(row, one)]));
}

/** A draft of a row that sets these columns. */
function draft(table, columns) {
    const made = call(`hg_${table.singular}_draft_new`)();
    for (const [field, one] of Object.entries(columns)) {
        const { ordinal } = table.columns.find((column) => column.field === field);
        if (typeof one === "string") run("hg_draft_set_text", [made, ordinal, one, Buffer.byteLength(one)], false);
        else if (typeof one === "boolean") run("hg_draft_set_bool", [made, ordinal, Number(one)], false);
        else run("hg_draft_set_int", [made, ordinal, one], false);
    }
    return made;
}

// ---- A company, there and back -------------------------------------------------------------------------------------

const table = described.tables.find((one) => one.name === "companies");
const wanted = { name: "Hafenlicht", slug: `hafenlicht-${Date.now()}`, founded_year: 1887, is_verified: true };
const dsn = process.argv[2] ?? process.env.HOTGIGS_SERVICE_DSN ?? "";
let conn = null;
try {
    conn = run("hg_conn_open", [dsn, null]);
    const made = draft(table, wanted), set = Buffer.alloc(8);
    const row = call("hg_company_draft_rows")(made, null, null, set);
    const inserted = run("hg_company_insert", [conn, row, set.readBigUInt64LE()]);
    const id = Buffer.from(koffi.decode(inserted, table.columns[0].offset, koffi.array("uint8_t", 16)));
    console.log(`inserted: ${JSON.stringify(wanted)}`);

    const again = run("hg_company_get", [conn, id]), got = object(again, table);
    const same = Object.entries(wanted).every(([field, one]) => got[field] === one);
    console.log(`got:      id a version ${got.id[14]} uuid, ` +
        `created_at ${got.created_at instanceof Date ? "a time" : "?"}, ` +
        `${Object.keys(got).length} columns, the four ${same ? "as they were set" : "changed"}`);
    call("hg_company_free")(again);
    call("hg_company_free")(inserted);
    call("hg_draft_free")(made);

    run("hg_company_delete", [conn, id], false);
    try {
        run("hg_company_get", [conn, id]);
    } catch (failure) {
        console.log(`deleted; getting it again: ${failure.status}`);
    }
} catch (failure) {
    console.error(`row.mjs: ${failure.status ?? ""} ${failure.message}`);
    process.exitCode = 1;
} finally {
    call("hg_conn_close")(conn);
}
