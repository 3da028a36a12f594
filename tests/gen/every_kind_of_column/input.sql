CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email varchar(255) UNIQUE NOT NULL,
    note text,
    settings jsonb DEFAULT '{}',
    size integer NOT NULL DEFAULT 1,
    state varchar(20) DEFAULT 'open' CHECK (state IN ('open', 'in_work', 'closed')),
    is_public boolean DEFAULT false,
    price numeric(12,2),
    made_on date,
    tags text[],
    address inet,
    number integer CHECK (number >= 1 AND number <= 10),
    updated_at timestamp DEFAULT now()
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.email IS 'The email.';
COMMENT ON COLUMN things.note IS 'The note.';
COMMENT ON COLUMN things.settings IS 'The settings.';
COMMENT ON COLUMN things.size IS 'The size.';
COMMENT ON COLUMN things.state IS 'The state.';
COMMENT ON COLUMN things.is_public IS 'The is public.';
COMMENT ON COLUMN things.price IS 'The price.';
COMMENT ON COLUMN things.made_on IS 'The made on.';
COMMENT ON COLUMN things.tags IS 'The tags.';
COMMENT ON COLUMN things.address IS 'The address.';
COMMENT ON COLUMN things.number IS 'The number.';
COMMENT ON COLUMN things.updated_at IS 'The updated at.';
ALTER TABLE things ADD UNIQUE (note, number);
CREATE UNIQUE INDEX things_lower_idx ON things (lower(note));
GRANT SELECT (id, note, state) ON things TO hotgigs_anon;
GRANT SELECT, INSERT (email, state), UPDATE (note, state) ON things TO hotgigs_company;
GRANT ALL ON things TO hotgigs_service;
