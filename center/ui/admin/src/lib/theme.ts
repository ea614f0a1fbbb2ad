import { useTheme } from '@jiujin/shared/look/theme'

export const theme = useTheme('jiujin.admin.theme')
