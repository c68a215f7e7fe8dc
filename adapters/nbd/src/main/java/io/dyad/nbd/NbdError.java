package io.dyad.nbd;

/** The errors a host can be told, with their codes on the wire. */
public enum NbdError {
    EPERM(1), EIO(5), ENOMEM(12), EINVAL(22), ENOSPC(28), EOVERFLOW(75), ENOTSUP(95), ESHUTDOWN(108);

    final int code;

    NbdError(int code) { this.code = code; }
}
