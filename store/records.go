package store

import (
	"context"
	"database/sql"
	"time"
)

// maxRecordFolders is how many folders of records are remembered: the newest.
const maxRecordFolders = 100

// PutRecordFolder remembers a folder into which is recorded what live feeds bring.
func (db *DB) PutRecordFolder(ctx context.Context, path string, at time.Time) error {
	return db.write(ctx, "remember a folder of records", path, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO record_folder (path, used_at) VALUES (?, ?)", path, millis(at)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "DELETE FROM record_folder WHERE path NOT IN (SELECT path FROM record_folder ORDER BY used_at DESC, path LIMIT ?)", maxRecordFolders)
		return err
	})
}

// RecordFolders returns the folders that are remembered, the one used last first.
func (db *DB) RecordFolders(ctx context.Context) ([]string, error) {
	var paths []string
	err := query(ctx, db.reader, "SELECT path FROM record_folder ORDER BY used_at DESC, path", nil, func(rows *sql.Rows) error {
		var path string
		err := rows.Scan(&path)
		paths = append(paths, path)
		return err
	})
	if err != nil {
		return nil, failure(ctx, "read the folders of records", "", err)
	}
	return paths, nil
}
