COMMENT ON COLUMN customers.email_normalised IS
  'email with a lower-case local part and an IDNA (ASCII) domain; written by the app, null in rows older than the column';
