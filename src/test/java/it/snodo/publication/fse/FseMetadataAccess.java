package it.snodo.publication.fse;

/** Lets tests of other packages make the metadata part. */
public final class FseMetadataAccess {

    private FseMetadataAccess() {}

    public static FseMetadata metadata() {
        return FseKit.metadata(FseKit.properties("http://localhost"));
    }
}
