import { ref } from 'vue'

/** Whether words for the resident's screen are being written. */
export const writing = ref(false)
