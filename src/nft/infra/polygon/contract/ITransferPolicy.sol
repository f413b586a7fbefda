// SPDX-License-Identifier: ISC
pragma solidity ^0.8.28;

/// @title What decides whether a ticket may change hands
interface ITransferPolicy {
    /// @notice Called before a holder's ticket moves, not for mints, burns and claw-backs.
    /// Refuses by reverting; its reason is the transfer's.
    /// @param operator who asks for the transfer: the holder or somebody approved
    function beforeTransfer(address operator, address from, address to, uint256 tokenId) external;
}
