package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.domain.Refusal;
import io.dyad.spec.ErrorSpec;
import io.dyad.spec.Spec;
import java.util.Map;

/** A call that is answered with an error of the wire; the message is the contract's template, filled. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String name;

    ApiException(String name, String message) {
        super(message, null, false, false);
        this.name = name;
    }

    static ApiException of(String name, Map<String, ?> values) { return new ApiException(name, Spec.load().error(name).message(values)); }

    static ApiException of(Refusal refusal, String problem) { return of(errorName(refusal), Map.of("problem", problem)); }

    /** The wire error, a member of {@code spec}'s errors. */
    String name() { return name; }

    /** The error object of the wire. */
    ObjectNode json() { return Json.object().put("code", ErrorSpec.CODE).put("message", getMessage()).put("name", name); }

    /** What the wire calls a refusal. */
    static String errorName(Refusal refusal) {
        return switch (refusal) {
            case EXCEEDED_LIMIT           -> "xExceededLimit";
            case PAIRING_DOES_NOT_EXIST   -> "xPairingDoesNotExist";
            case PAIRING_ALREADY_EXISTS   -> "xPairingAlreadyExists";
            case INVALID_KEY              -> "xInvalidKey";
            case CLUSTER_PAIR_IN_USE      -> "xClusterPairInUse";
            case VOLUME_ALREADY_PAIRED    -> "xVolumeAlreadyPaired";
            case VOLUME_NOT_PAIRED        -> "xVolumeNotPaired";
            case INVALID_PAIRING_KEY      -> "xInvalidPairingKey";
            case MVIP_NOT_PAIRED          -> "xMVIPNotPaired";
            case VOLUME_DOES_NOT_EXIST    -> "xVolumeIDDoesNotExist";
            case ACCOUNT_DOES_NOT_EXIST   -> "xAccountIDDoesNotExist";
            case DUPLICATE_USERNAME       -> "xDuplicateUsername";
            case VOLUME_SHRINK_PROHIBITED -> "xVolumeShrinkProhibited";
            case INVALID_PARAMETER        -> "xInvalidParameter";
            case PEER_UNREACHABLE         -> "xClusterUnreachable";
            case SNAPSHOT_DOES_NOT_EXIST  -> "xSnapshotIDDoesNotExist";
            case GROUP_SNAPSHOT_DOES_NOT_EXIST -> "xGroupSnapshotIDDoesNotExist";
            case MAX_SNAPSHOTS_PER_VOLUME -> "xMaxSnapshotsPerVolumeExceeded";
            case SNAPSHOT_UNDER_WAY       -> "xSnapshotUnderWay";
            case VOLUME_BUSY              -> "xVolumeBusy";
            case JOB_DOES_NOT_EXIST       -> "xAsyncHandleDoesNotExist";
            case CLONE_DOES_NOT_EXIST     -> "xDBNoSuchPath";
            case ACCOUNT_IN_USE           -> "xAccountInUse";
            case ADMIN_DOES_NOT_EXIST     -> "xClusterAdminDoesNotExist";
            case LAST_ADMINISTRATOR       -> "xLastAdministrator";
            case ACCESS_GROUP_DOES_NOT_EXIST -> "xVolumeAccessGroupIDDoesNotExist";
            case ALREADY_IN_ACCESS_GROUP  -> "xAlreadyInVolumeAccessGroup";
            case NOT_IN_ACCESS_GROUP      -> "xNotInVolumeAccessGroup";
            case WRONG_CLUSTER_STATE      -> INTERNAL;    // no method can meet it
        };
    }

    static final String INTERNAL = "xInternalError";
}
