package io.dyad.domain;

import java.time.Instant;

/** Something amiss since {@code since}. {@code id}: 1 and up, never used again. */
public record Fault(long id, FaultCode code, String subject, String details, Instant since) {
    boolean isAbout(FaultCode of, String what) { return code == of && subject.equals(what); }
}
