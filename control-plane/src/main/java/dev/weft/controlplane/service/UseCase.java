package dev.weft.controlplane.service;

import dev.weft.controlplane.model.RequestRecord;

/**
 * A use case as {@link Transactor} runs it. Object ids are made up once per use case, not per attempt: by them a lost
 * commit is recognised.
 */
interface UseCase<T> {

    /**
     * Decides on the current state; may read the store, must not write.
     *
     * @param reservations holds proposed addresses until the attempt is over
     * @throws ServiceException if the request is refused
     */
    Draft<T> decide(AddressReservations.Batch reservations);

    /**
     * The answer to a request that was carried out before under the same request id.
     *
     * @throws ServiceException with {@link Reason#REQUEST_RESULT_GONE} if it cannot be given any more
     */
    T repeat(RequestRecord record);
}
