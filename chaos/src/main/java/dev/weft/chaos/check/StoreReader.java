package dev.weft.chaos.check;

/** How the store's content is got without the product. */
public interface StoreReader {

    /** All of it, at one moment. */
    StoreContent read();

    /**
     * The changes after a revision.
     *
     * @param last the newest revision, which is read up to
     * @return not whole where the store does not keep them all
     */
    StoreHistory after(long revision, long last);
}
