using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging;

/// <summary>The kind of elements of an image.</summary>
internal enum Modality
{
    /// <summary>Voxels of NIfTI volumes.</summary>
    Voxels,

    /// <summary>Fixels of MRtrix fixel data.</summary>
    Fixels,

    /// <summary>Greyordinates, parcels or pairs of parcels of CIFTI-2 files.</summary>
    Greyordinates,
}

/// <inheritdoc cref="Modality"/>
internal static class Modalities
{
    /// <summary>CIFTI-2 file types with one value per element.</summary>
    public static readonly IReadOnlyList<string> CiftiEndings = [".dscalar.nii", ".pscalar.nii", ".pconn.nii"];

    private static readonly string[] OtherCiftiEndings =
    [
        ".dtseries.nii",
        ".ptseries.nii",
        ".dconn.nii",
        ".dlabel.nii",
        ".plabel.nii",
        ".dpconn.nii",
        ".pdconn.nii",
    ];

    /// <summary>The modality according to a file's name.</summary>
    /// <exception cref="BadInputException">The extension is not supported.</exception>
    public static Modality From(string path)
    {
        if (CiftiEndings.Any(Ends))
            return Modality.Greyordinates;
        if (OtherCiftiEndings.FirstOrDefault(Ends) is { } other)
            throw new BadInputException(
                $"'{path}' is a CIFTI file of the kind '{other}'; one value per element is expected: {string.Join(", ", CiftiEndings)}."
            );
        if (Ends(".mif") || Ends(".mif.gz"))
            return Modality.Fixels;
        if (Ends(".nii") || Ends(".nii.gz"))
            return Modality.Voxels;
        throw new BadInputException(
            $"'{path}' has no ending of a known image format. Known: .nii, .nii.gz, .mif, .mif.gz, " + $"{string.Join(", ", CiftiEndings)}."
        );

        bool Ends(string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The name for messages.</summary>
    public static string Word(this Modality modality) =>
        modality switch
        {
            Modality.Voxels => "NIfTI volumes",
            Modality.Fixels => "MRtrix fixel data",
            _ => "CIFTI files",
        };
}
