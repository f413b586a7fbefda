// SPDX-License-Identifier: ISC
pragma solidity ^0.8.28;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC2981} from "@openzeppelin/contracts/token/common/ERC2981.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ITransferPolicy} from "./ITransferPolicy.sol";

/// @title Tickets
/// @notice A ticket's token id is keccak256 of its id in lower case, so that it exists at most once:
/// to mint it again changes nothing, and what was burned never comes back.
contract TicketNFT is ERC721, ERC2981, AccessControl, Pausable, IERC4906 {
    bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE");
    bytes32 public constant REVOKER_ROLE = keccak256("REVOKER_ROLE");
    bytes32 public constant PAUSER_ROLE = keccak256("PAUSER_ROLE");

    /// @notice Asked before each transfer; the zero address lets everything pass.
    ITransferPolicy public transferPolicy;

    /// @notice Ids that never exist again.
    mapping(uint256 tokenId => bool) public burned;

    /// @notice What a token's metadata address begins with, unless it has one of its own.
    string public baseURI;

    mapping(uint256 tokenId => string) private _uris;

    event MintSkipped(uint256 indexed tokenId);
    event ClawedBack(uint256 indexed tokenId, address indexed from, address indexed to);
    event TransferPolicyChanged(address indexed policy);

    error LengthsDiffer();

    /// @param admin gives and takes roles, and may pause
    /// @param operator mints and revokes; the zero address for none yet
    /// @param royaltyBasisPoints of a resale's price (ERC-2981, 10,000 is all of it); 0 for none
    constructor(
        string memory name_,
        string memory symbol_,
        string memory baseURI_,
        address admin,
        address operator,
        address royaltyReceiver,
        uint96 royaltyBasisPoints
    ) ERC721(name_, symbol_) {
        baseURI = baseURI_;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(PAUSER_ROLE, admin);
        if (operator != address(0)) {
            _grantRole(MINTER_ROLE, operator);
            _grantRole(REVOKER_ROLE, operator);
        }
        if (royaltyBasisPoints > 0) _setDefaultRoyalty(royaltyReceiver, royaltyBasisPoints);
    }

    /// @notice Mints those that never were. The receivers are not called, so that none can stop the others.
    /// @param uris one for each token, '' for the base URI's; or none at all
    function mintBatch(
        address[] calldata to,
        uint256[] calldata tokenIds,
        string[] calldata uris
    ) external onlyRole(MINTER_ROLE) whenNotPaused {
        uint256 count = tokenIds.length;
        if (to.length != count || (uris.length != 0 && uris.length != count)) revert LengthsDiffer();
        for (uint256 i = 0; i < count; ++i) {
            uint256 tokenId = tokenIds[i];
            if (to[i] == address(0) || minted(tokenId)) {
                emit MintSkipped(tokenId);
                continue;
            }
            _mint(to[i], tokenId);
            if (uris.length != 0 && bytes(uris[i]).length != 0) _uris[tokenId] = uris[i];
        }
    }

    /// @notice Ends an id for good, minted yet or not. To burn it again changes nothing.
    function burn(uint256 tokenId) external onlyRole(REVOKER_ROLE) {
        if (burned[tokenId]) return;
        burned[tokenId] = true;
        delete _uris[tokenId];
        if (_ownerOf(tokenId) != address(0)) _burn(tokenId);
    }

    /// @notice Takes a ticket from whoever holds it, whatever the policy and also while paused.
    function clawBack(uint256 tokenId, address to) external onlyRole(REVOKER_ROLE) {
        address from = _requireOwned(tokenId);
        if (to == address(0)) revert ERC721InvalidReceiver(to);
        if (from == to) return;
        super._update(to, tokenId, address(0));
        emit ClawedBack(tokenId, from, to);
    }

    function pause() external onlyRole(PAUSER_ROLE) {
        _pause();
    }

    function unpause() external onlyRole(PAUSER_ROLE) {
        _unpause();
    }

    function setTransferPolicy(ITransferPolicy policy) external onlyRole(DEFAULT_ADMIN_ROLE) {
        transferPolicy = policy;
        emit TransferPolicyChanged(address(policy));
    }

    function setBaseURI(string calldata baseURI_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        baseURI = baseURI_;
        emit BatchMetadataUpdate(0, type(uint256).max);
    }

    function setDefaultRoyalty(
        address receiver,
        uint96 basisPoints
    ) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setDefaultRoyalty(receiver, basisPoints);
    }

    function setTokenRoyalty(
        uint256 tokenId,
        address receiver,
        uint96 basisPoints
    ) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setTokenRoyalty(tokenId, receiver, basisPoints);
    }

    /// @notice Whether the id is or was somebody's, or never may be.
    function minted(uint256 tokenId) public view returns (bool) {
        return _ownerOf(tokenId) != address(0) || burned[tokenId];
    }

    /// @notice Who holds each; the zero address for what is not, and whether that is for good.
    function holdersOf(
        uint256[] calldata tokenIds
    ) external view returns (address[] memory holders, bool[] memory gone) {
        holders = new address[](tokenIds.length);
        gone = new bool[](tokenIds.length);
        for (uint256 i = 0; i < tokenIds.length; ++i) {
            holders[i] = _ownerOf(tokenIds[i]);
            gone[i] = burned[tokenIds[i]];
        }
    }

    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        _requireOwned(tokenId);
        string storage own = _uris[tokenId];
        return bytes(own).length != 0 ? own : super.tokenURI(tokenId);
    }

    function supportsInterface(
        bytes4 interfaceId
    ) public view override(ERC721, ERC2981, AccessControl, IERC165) returns (bool) {
        return interfaceId == bytes4(0x49064906) || super.supportsInterface(interfaceId);
    }

    function _baseURI() internal view override returns (string memory) {
        return baseURI;
    }

    /// @dev Every change of hands comes through here but claw-backs.
    function _update(
        address to,
        uint256 tokenId,
        address auth
    ) internal override returns (address) {
        address from = _ownerOf(tokenId);
        if (from != address(0) && to != address(0)) {
            _requireNotPaused();
            ITransferPolicy policy = transferPolicy;
            if (address(policy) != address(0)) {
                policy.beforeTransfer(_msgSender(), from, to, tokenId);
            }
        }
        return super._update(to, tokenId, auth);
    }
}
