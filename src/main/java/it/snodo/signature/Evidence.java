package it.snodo.signature;

/** What a level above B-B adds to a signature that has been made. */
interface Evidence {

    /** Level B-B: nothing. */
    Evidence NONE = new Evidence() {
        @Override
        public int contentSize() {
            return 0;
        }

        @Override
        public byte[] timestamped(byte[] cms) {
            return cms;
        }

        @Override
        public byte[] completed(byte[] signed) {
            return signed;
        }
    };

    /** Bytes that the timestamp takes in the CMS. */
    int contentSize();

    /** The CMS with its timestamp. */
    byte[] timestamped(byte[] cms);

    /** The file with what its verification will need. */
    byte[] completed(byte[] signed);
}
