-- Who replaces a document is asked at each replacement, annulment and signature.
create index certificate_replaces on certificate (replaces_document_id) where replaces_document_id is not null;
