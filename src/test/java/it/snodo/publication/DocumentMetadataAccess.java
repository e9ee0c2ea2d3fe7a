package it.snodo.publication;

import com.fasterxml.jackson.databind.JsonNode;

/** Lets tests of other packages change metadata as the controller does. */
public final class DocumentMetadataAccess {

    private DocumentMetadataAccess() {}

    public static DocumentMetadata.Changed change(PublicationStore store, Outbox outbox, String id, JsonNode change) {
        DocumentMetadata metadata = new DocumentMetadata(store.jdbc, outbox, store.subjects(), store.transactions);
        return metadata.change(id, change);
    }
}
