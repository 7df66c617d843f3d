using System.IO.Hashing;
using System.Text;

namespace HpcFit.Coordinator.Imaging.Cifti;

/// <summary>What the positions along one axis of a CIFTI matrix mean.</summary>
internal enum CiftiAxisKind
{
    /// <summary>Vertices and voxels of brain structures.</summary>
    BrainModels,

    /// <summary>Parcels.</summary>
    Parcels,

    /// <summary>Named maps.</summary>
    Scalars,

    /// <summary>Anything else: series, labels.</summary>
    Other,
}

/// <summary>One axis of a CIFTI matrix.</summary>
/// <param name="Kind">What its positions mean.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Parts">Brain models (structure's name, how many positions), or parcels (name, 1), in their order.</param>
/// <param name="Fingerprint">XxHash128 of everything the file says about the positions, so that two files agree or do not.</param>
internal sealed record CiftiAxis(CiftiAxisKind Kind, int Count, IReadOnlyList<CiftiPart> Parts, string Fingerprint)
{
    /// <summary>The digest of texts, in their order.</summary>
    public static string Digest(IEnumerable<string> texts)
    {
        var hash = new XxHash128();
        foreach (var text in texts) hash.Append(Encoding.UTF8.GetBytes(text + "\n"));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}

/// <summary>A brain model or a parcel.</summary>
/// <param name="Name">Its name, such as <c>CIFTI_STRUCTURE_CORTEX_LEFT</c>.</param>
/// <param name="Count">How many positions it takes.</param>
internal sealed record CiftiPart(string Name, int Count);
