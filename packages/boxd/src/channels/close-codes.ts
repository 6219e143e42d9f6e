/** Why boxd closes a channel. 4000 and up are free for applications. */
export const closeCodes = { deleted: 1000, invalidFrame: 1007, protocolMismatch: 4001, notOpened: 4002 } as const;
