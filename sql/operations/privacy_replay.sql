-- privacy_replay: erases again, after a restore, who stands in the ledger of erasures.
--
-- Whoever was restored with the database is erased in the mode of his line; others are passed over, so that it may be repeated.
-- A legal hold or a last admin ends it, and nothing has happened. hg_ledger_replay() of hotgigs/ledger.h reads the file.
--
-- group: privacy · rows: many · rights: definer · by: service
-- $1 ledger   The file's text. A last line without its line feed was never committed, and is passed over; so is one that ends with
--                 " torn".
-- $2 since?   Lines before this are passed over, UTC: the time that was restored, less some minutes.
-- > line      Number of the line.
-- > user_id
-- > mode      tombstone or delete.
-- > outcome   erased; erased before: he still was a tombstone; absent: there is no such user.
-- INVALID  a line that is none; the message has its number
-- HELD     see privacy_erase
-- STATE    see privacy_erase
SELECT line, user_id, mode, outcome
FROM   hotgigs.privacy_replay($1, $2);
